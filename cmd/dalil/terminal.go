package main

import (
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// screen describes the abilities of an output.
type screen struct {
	terminal bool // it is a terminal, which orders text by its direction
	controls bool // it supports the escape sequences of ECMA-48; TERM=dumb does not
	colour   bool // colours may be used; NO_COLOR forbids them (https://no-color.org)
	width    int  // in columns; plainWidth if it is not a terminal
}

// plainWidth is the line length if the output is not a terminal.
const plainWidth = 100

// screenOf describes an output, from its kind and the environment.
func screenOf(w io.Writer, environment []string) screen {
	s := screen{width: plainWidth}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return s
	}
	s.terminal = true
	kind, _ := variable(environment, "TERM")
	s.controls = kind != "dumb"
	no, _ := variable(environment, "NO_COLOR")
	s.colour = s.controls && no == ""
	if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
		s.width = max(min(columns, 120), 40)
	}
	return s
}

func variable(environment []string, name string) (string, bool) {
	for _, pair := range environment {
		if key, value, _ := strings.Cut(pair, "="); key == name {
			return value, true
		}
	}
	return "", false
}
