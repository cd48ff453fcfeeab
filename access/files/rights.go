package files

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Rights says what users other than the owner of a file may do with it.
type Rights struct {
	Read bool // others, not of the file's group, can read it
	// Write says that they can change it, or can put another file in its place, because
	// its folder lets them. At names the file or the folder that lets them.
	Write bool
	Group bool // the same of the members of the group of At
	At    string
}

// RightsOf returns the rights on a file, and on the file that it leads to if it is a
// link. On Windows, whose access lists the mode of a file does not show, there are none.
func RightsOf(path string) (Rights, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Rights{}, Wrong("read", path, err)
	}
	if runtime.GOOS == "windows" {
		return Rights{}, nil
	}
	mode := info.Mode().Perm()
	r := Rights{Read: mode&0o004 != 0, Write: mode&0o002 != 0, Group: mode&0o020 != 0, At: path}
	folders := []string{filepath.Dir(path)}
	if real, err := filepath.EvalSymlinks(path); err == nil && filepath.Dir(real) != folders[0] {
		folders = append(folders, filepath.Dir(real))
	}
	for _, folder := range folders {
		// In a sticky folder, such as /tmp, nobody replaces a file of another user.
		info, err := os.Stat(folder)
		switch {
		case err != nil || info.Mode()&fs.ModeSticky != 0 || r.Write:
		case info.Mode()&0o002 != 0:
			r.Write, r.At = true, folder
		case info.Mode()&0o020 != 0 && !r.Group:
			r.Group, r.At = true, folder
		}
	}
	return r, nil
}
