# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# The Debian mirror's other suites and architectures, read through apt: what scripts/kernel and scripts/corpus share.
# Sourced, never run, after common.sh. Whoever does has set $debian_arch, and $tmp to a directory for a log.
# shellcheck disable=SC2154

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# apt_root SUITE UPDATE: set $root to a root directory with the index of this suite for $debian_arch, fetched if it
# is not there yet, or anew if UPDATE is not empty. Fails if there is no such suite, or none for this architecture.
# The settings are read after the machine's own ones, which stay in force where they are not overruled: a proxy, say.
apt_root() {
    local uri
    uri=$(mirror) || exit
    root=$cache/apt/$1-$debian_arch
    mkdir -p "$root/lists/partial" "$root/archives/partial"
    echo "deb [arch=$debian_arch target=Packages signed-by=$keyring] $uri $1 main" >"$root/sources.list"
    cat >"$root/apt.conf" <<-END
	#clear APT::Update;
	#clear APT::Architectures;
	APT::Architecture "$debian_arch";
	APT::Architectures { "$debian_arch"; };
	APT::Sandbox::User "root";
	Acquire::Retries "3";
	APT::Update::Error-Mode "any";
	Acquire::Languages "none";
	Dir::State "$root";
	Dir::State::lists "$root/lists";
	Dir::State::status "/dev/null";
	Dir::Cache "$root";
	Dir::Etc::SourceList "$root/sources.list";
	Dir::Etc::SourceParts "/dev/null";
	Dir::Etc::Preferences "/dev/null";
	Dir::Etc::PreferencesParts "/dev/null";
	END
    if [ -n "$2" ] || ! compgen -G "$root/lists/*Packages*" >/dev/null; then
        in_root apt-get -qq update >"$root/log" 2>&1 || { grep '^E:' "$root/log" >>"$tmp/log"; return 1; }
    fi
}

in_root() { APT_CONFIG=$root/apt.conf "$@"; }

# mirror: the address of the first Debian archive among apt's sources. Before the first `apt-get update` on this
# machine apt does not know yet which of its sources are Debian's; then the usual name of the folder has to do.
mirror() {
    local uri=${LOADER_MIRROR:-}
    [ -n "$uri" ] || uri=$(sources 'Origin: Debian' 'Label: Debian' | sed -n 1p)
    [ -n "$uri" ] || uri=$(sources | grep '/debian/*$' | sed -n 1p)
    [ -n "$uri" ] || fail "apt knows no Debian mirror; set LOADER_MIRROR to the address of one"
    echo "$uri"
}

# shellcheck disable=SC2016  # the $() are apt's
sources() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' "$@"
}
