package config

import (
	"testing"
	"testing/fstest"
)

func TestContainerLimit(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"none":              {nil, 0},
		"version 2":         {map[string]string{"memory.max": "1073741824\n"}, 1 << 30},
		"version 2, no max": {map[string]string{"memory.max": "max\n"}, 0},
		"version 1":         {map[string]string{"memory/memory.limit_in_bytes": "536870912\n"}, 512 << 20},
		"version 1, no max": {map[string]string{"memory/memory.limit_in_bytes": "9223372036854771712\n"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for file, text := range test.files {
				fsys[file] = &fstest.MapFile{Data: []byte(text)}
			}
			if got := containerLimit(fsys); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
		})
	}
}
