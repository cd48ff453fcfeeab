package observe

import (
	"runtime"
	"runtime/debug"
)

// version is set by the linker for a release: -X dalil/internal/observe.version=1.2.3.
var version = ""

// ReadBuild reports the program's version from the linker's flag or the module's
// own version, and the commit from the build's version control stamp.
func ReadBuild() Build {
	b := Build{Version: version, Commit: "unknown", GoVersion: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if b.Version == "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			b.Commit = s.Value[:12]
		}
	}
	return b
}

// MadeBy returns the name and version of the program, for archives.
func MadeBy() string { return "dalil " + ReadBuild().Version }
