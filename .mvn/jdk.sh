# Sourced by mvnw and by the launchers: points JAVA_HOME at the newest JDK on this machine, and sets the flags that
# only newer JVMs know.

jdk_feature_release() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_on_path() {
    command -v javac >/dev/null 2>&1 || return 0
    javac_file=$(command -v javac)
    while [ -L "$javac_file" ]; do
        link=$(readlink "$javac_file")
        case "$link" in
        /*) javac_file=$link ;;
        *) javac_file=$(dirname "$javac_file")/$link ;;
        esac
    done
    dirname "$(dirname "$javac_file")"
}

newest=
newest_release=20
set +f # mvnw switches globbing off
for jdk in "${JAVA_HOME:-}" "$(jdk_on_path)" /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    release=$(jdk_feature_release "$jdk") || continue
    if [ "${release:-0}" -gt "$newest_release" ]; then
        newest=$jdk
        newest_release=$release
    fi
done
if [ -z "$newest" ]; then
    echo "triptych: no JDK of release 21 or later was found; install one (any vendor) or point JAVA_HOME at it" >&2
    exit 1
fi
JAVA_HOME=$newest
export JAVA_HOME

# Akka and the native drivers need these to run silently; a JVM refuses flags it does not know.
JDK_FLAGS="--enable-native-access=ALL-UNNAMED"
if [ "$newest_release" -ge 24 ]; then
    JDK_FLAGS="$JDK_FLAGS --sun-misc-unsafe-memory-access=allow"
fi
# A resident key is some forty objects; headers of eight bytes (JEP 519) make it a tenth smaller.
if [ "$newest_release" -ge 25 ]; then
    JDK_FLAGS="$JDK_FLAGS -XX:+UseCompactObjectHeaders"
fi
