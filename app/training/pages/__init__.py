"""Both training sites as pages for people.

Their addresses are the training company's own, but for the one page of Job Costs that was seen on the wire. The labels
and their order are those that the help of hh2 and Procore prints."""
