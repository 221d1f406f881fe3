"""Notes on parties and records; a note with an executor is a task.

Functions: registry.read reads them, registry.note writes them and works on tasks, registry.costs sees what the time cost.
A private note is seen by its author and by colleagues of the author's rank or a higher one, whatever else they may read.
"""
