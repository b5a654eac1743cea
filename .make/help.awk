# Prints the targets of a Makefile that carry a `##` comment, under their `##@` headings.
BEGIN { FS = ":.*## "; print "make TARGET, where TARGET is one of" }
/^##@ / { printf "\n%s\n", substr($0, 5) }
/^[a-z]+:.*## / { printf "  %-10s %s\n", $1, $2 }
