"""What is done beside answering: the registry of it, who does what, and the tasks of a worker."""
