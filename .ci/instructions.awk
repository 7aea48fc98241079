# Tells for each address of a program what it costs and whose code it is: COSTS (address and cost), then what addr2line -i -f
# says of these addresses, innermost function first. Prints cost, function, the function that it is inlined into, line.
BEGIN { OFS = "\t" }

FNR == NR { costs[$1] = $2; next }

/^0x/ {
  tell()
  address = $0
  sub(/^0x0*/, "0x", address)
  inner = ""
  next
}

{
  name = short($0)
  getline place
  place = path(place)
  file = place
  sub(/:[0-9?]*$/, "", file)
  outer = file " " name
  # The standard library's code counts for the function that it is inlined into.
  if (inner == "" && place !~ /^std /) {
    inner = outer
    line = place
  }
}

END { tell() }

function tell() {
  if (address == "") return
  if (inner == "") { inner = outer; line = place }
  print costs[address], inner, outer, line
}

function short(name) {
  while (sub(/<[^<>]*>/, "", name)) {}
  sub(/^.*::/, "", name)
  return name
}

function path(place) {
  sub(/ \(discriminator.*/, "", place)
  sub(root, "", place)
  sub(/^.*\/registry\/src\/[^\/]*\//, "", place)
  if (place ~ /\/library\/(core|alloc|std)\/src\//) sub(/^.*\/library\//, "std ", place)
  return place
}
