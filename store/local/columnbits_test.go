//go:build !race

// The race detector makes this much slower. TestDamagedProfiles does the same work with it.

package local_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
)

// Wherever a file is cut, and whichever bit of it is another, no profile is wrong, and what
// is missing is made again.
func TestProfilesWithAnyDamage(t *testing.T) {
	sound := keeping(t, &scribe{name: "a"}, 40)
	info, err := os.Stat(profileFiles(t, sound)[0])
	if err != nil {
		t.Fatal(err)
	}
	size, random := info.Size(), rand.New(rand.NewPCG(1, 2))
	var damages []damage
	for range 20 {
		at := random.Int64N(size)
		damages = append(damages, damage{fmt.Sprint("cut at ", at), func(path string, _ []byte) error { return os.Truncate(path, at) }})
	}
	for i := range 60 {
		at, bit := random.Int64N(size), byte(1)<<random.IntN(8)
		switch i {
		case 0, 1, 2: // the trailer
			at = size - 1 - int64(i)*6
		case 3, 4: // the header
			at = int64(i) * 10
		}
		damages = append(damages, damage{fmt.Sprintf("bit %08b of byte %d", bit, at), func(path string, data []byte) error {
			data[at] ^= bit
			return os.WriteFile(path, data, 0o600)
		}})
	}
	checkDamages(t, sound, damages)
}
