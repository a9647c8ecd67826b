throw new Error("this pack cannot be loaded");
