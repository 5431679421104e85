"""What is done beside answering: mail, tasks, chores."""
