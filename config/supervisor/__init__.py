"""`make run`: starts servers and processes in order, keeps them running, and stops them all."""
