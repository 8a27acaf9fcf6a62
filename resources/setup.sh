#!/bin/sh
# What the Makefile needs before it can start anything; run from the top folder.
#
#   setup.sh packages PURPOSE   system libraries, on Debian and Ubuntu
#   setup.sh install PURPOSE    the virtual environment and its Python packages
#
# PURPOSE is run, test or bench. PYTHON names the interpreter, VENV the folder of the environment.
set -eu

: "${PYTHON:=python3}" "${VENV:=.venv}"

WINDOW="libglib2.0-0 libgl1 libegl1 libdbus-1-3 libfontconfig1 libxkbcommon0 libxcb-cursor0 \
libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0 fonts-dejavu-core"
SCREEN="xvfb xauth xdotool"
WELCOME="fonts-inter"

say() {
    printf 'backscope: %s\n' "$*" >&2
}

is_recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in "$PYTHON" python3.13 python3.12 python3.11; do
        if is_recent "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    say "Python 3.11 or later is needed; '$PYTHON' is older or missing." \
        "Name another with: make PYTHON=/path/to/python3 ..."
    exit 1
}

is_environment() {
    is_recent "$VENV/bin/python" && "$VENV/bin/python" -m pip --version >/dev/null 2>&1
}

# A name also counts as installed when another package provides it: libglib2.0-0t64 for libglib2.0-0.
lacking() {
    dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' | awk -v wanted="$*" '
        $1 == "installed" { gsub(/\([^)]*\)|,/, " "); for (i = 2; i <= NF; i++) there[$i] = 1 }
        END {
            n = split(wanted, names, " ")
            for (i = 1; i <= n; i++) if (!(names[i] in there)) printf "%s ", names[i]
        }'
}

venv_package() {
    [ ! -e "$VENV/bin/python" ] || return 0
    python=$(find_python) || return 0
    "$python" -c 'import ensurepip' 2>/dev/null && return 0
    "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

# What is pleasant to have is added to a first set-up only where the package list knows it.
known() {
    for package in "$@"; do
        if apt-cache show "$package" >/dev/null 2>&1; then printf '%s ' "$package"; fi
    done
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
        </dev/null >/dev/null
}

install_packages() {
    say "installing system packages: $*"
    apt-get update -qq </dev/null >/dev/null || say "the package list could not be renewed"
    # shellcheck disable=SC2046
    apt_install "$@" $(known $(lacking "$WELCOME"))
}

packages() {
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || return 0
    wanted=$WINDOW
    [ "$1" = run ] || wanted="$wanted $SCREEN"
    # shellcheck disable=SC2046,SC2086
    missing=$(lacking $wanted $(venv_package))
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086
    if [ "$(id -u)" -eq 0 ] && install_packages $missing; then
        return 0
    fi
    say "system packages are missing; please type:"
    printf '\n    sudo apt-get install %s\n\n' "${missing% }" >&2
}

install() {
    if ! is_environment; then
        python=$(find_python)
        say "creating $VENV with $("$python" --version)"
        "$python" -m venv --clear "$VENV"
    fi
    extra=""
    [ "$1" = run ] || extra="[$1]"
    say "installing the Python packages; the first time takes a minute or two"
    "$VENV/bin/python" -m pip install -qq --disable-pip-version-check \
        --constraint constraints.txt --editable ".$extra" </dev/null
    touch "$VENV/.installed-run" "$VENV/.installed-$1"
}

case "${1-} ${2-}" in
    "packages run" | "packages test" | "packages bench") packages "$2" ;;
    "install run" | "install test" | "install bench") install "$2" ;;
    *)
        say "usage: setup.sh packages|install run|test|bench"
        exit 2
        ;;
esac
