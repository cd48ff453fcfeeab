package main

import (
	"debug/elf"
	"path/filepath"
	"runtime"
	"testing"
)

// The program that is shipped is static: no ELF interpreter, no shared
// library, so it runs in an image from scratch. Loading a shared library, even
// without cgo, would end that; dalil-onnx is a program of its own for this
// reason.
func TestTheProgramIsStatic(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dalil")
	if runtime.GOOS == "linux" {
		file = built(t)
	} else if err := build(file, "GOOS=linux"); err != nil {
		t.Fatal(err)
	}
	program, err := elf.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer program.Close()
	for _, p := range program.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("the program has a header %v: it needs a dynamic linker", p.Type)
		}
	}
	if libraries, err := program.ImportedLibraries(); err == nil && len(libraries) > 0 {
		t.Errorf("the program needs %v", libraries)
	}
}
