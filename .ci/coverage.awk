# Reads lcov data, and tells which lines and branches of src are not covered. Tests and examples in docs do not count.
# The last line has four numbers: lines, those not covered, branches, those not covered.

/^SF:/ {
  file = substr($0, 4)
  split("", skipped)
  tests = 0
  for (number = 1; (getline text < file) > 0; number++) {
    if (text ~ /^mod tests/) tests = 1
    if (tests || text ~ /^ *\/\/[\/!]/) skipped[number] = 1
  }
  close(file)
  outside = !sub(/^.*\/src\//, "src/", file)
}

/^(DA|BRDA):/ {
  split(substr($0, index($0, ":") + 1), field, ",")
  if (outside || field[1] in skipped) next
}

/^DA:/ {
  lines++
  if (field[2] == 0) { print file ":" field[1] ": not executed"; missing_lines++ }
}

# The even ones are that a condition holds, the odd ones that it does not.
/^BRDA:/ {
  branches++
  if (field[4] !~ /^[1-9]/) { print file ":" field[1] ": never " (field[3] % 2 ? "false" : "true"); missing_branches++ }
}

END { print lines + 0, missing_lines + 0, branches + 0, missing_branches + 0 }
