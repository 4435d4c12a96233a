"""One module a subject, called as the subject is: tables in, tables with codes out."""
