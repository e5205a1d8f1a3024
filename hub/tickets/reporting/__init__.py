"""« Signaler un problème »: choosing a category, the form, what is near already, and the same in a frame elsewhere."""
