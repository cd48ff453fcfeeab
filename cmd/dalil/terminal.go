package main

import (
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// screen is what can be done with an output.
type screen struct {
	terminal bool // lines are seen by a person, whose terminal orders directions
	controls bool // it obeys the escape sequences of ECMA-48; TERM=dumb does not
	colour   bool // and colours are wanted; NO_COLOR says no (https://no-color.org)
	width    int  // columns; plainWidth where it is not a terminal
}

// plainWidth is the line length where the output is not a terminal.
const plainWidth = 100

// screenOf looks at an output and at the environment.
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
