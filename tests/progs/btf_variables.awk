# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# From `bpftool btf dump file OBJECT`: what each global variable is, one line a variable, with no type ids in it: its
# section, its name and its type.
#
# Type ids depend on the order in which the compiler met the types, so two objects that mean the same may differ in
# them. A map's line is its whole definition, for instance
#
#	.maps events {type *[4]int, key_size *[4]int, value_size *[4]int}

/^\[/ {
	id = substr($1, 2, length($1) - 2)
	kind[id] = $2
	split($0, quoted, "'")
	name[id] = quoted[2]
	type[id] = field("type_id")
	length_of[id] = field("nr_elems")
	if ($2 == "VAR")
		variables[++variable_count] = id
	next
}

/^\t'/ {
	split($0, quoted, "'")
	n = members[id]++
	member_name[id, n] = quoted[2]
	member_type[id, n] = field("type_id")
	member_value[id, n] = field("val")
}

/^\ttype_id=/ {
	section[field("type_id")] = name[id]
	next
}

function field(what) {
	return match($0, what "=[0-9]+") ? substr($0, RSTART + length(what) + 1, RLENGTH - length(what) - 1) : ""
}

# Named types below the second level are told by their name alone: they may contain themselves.
function shape(id, depth,    i, text) {
	if (id == 0)
		return "void"
	if (kind[id] == "PTR")
		return "*" shape(type[id], depth)
	if (kind[id] == "ARRAY")
		return "[" length_of[id] "]" shape(type[id], depth)
	if (kind[id] == "CONST" || kind[id] == "VOLATILE" || kind[id] == "TYPE_TAG")
		return tolower(kind[id]) " " (kind[id] == "TYPE_TAG" ? name[id] " " : "") shape(type[id], depth)
	if (kind[id] == "TYPEDEF")
		return name[id]
	if (kind[id] == "FUNC_PROTO") {
		for (i = 0; i < members[id]; i++)
			text = text (i ? ", " : "") shape(member_type[id, i], depth + 1)
		return "(" text ")" shape(type[id], depth + 1)
	}
	text = name[id] == "(anon)" ? "" : name[id] " "
	if (depth > 1 && text != "" || members[id] == 0)
		return name[id]
	for (i = 0; i < members[id]; i++)
		text = text (i ? ", " : "{") (kind[id] ~ /^ENUM/ ? member_value[id, i] : \
			member_name[id, i] " " shape(member_type[id, i], depth + 1))
	return text "}"
}

END {
	for (v = 1; v <= variable_count; v++)
		print section[variables[v]], name[variables[v]], shape(type[variables[v]], 0)
}
