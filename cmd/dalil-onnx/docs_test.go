package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// Commands of this program that the pages show are understood.
func TestCommandsOfThePagesParse(t *testing.T) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`(?m)^    (?:\S+ && )?(?:bin/)?dalil-onnx (.*)$`)
	checked := 0
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range command.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\\\n", " "), -1) {
			line, _, _ := strings.Cut(found[1], " #")
			parser, err := kong.New(&cli{}, kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}))
			if err != nil {
				t.Fatal(err)
			}
			checked++
			if _, err := parser.Parse(strings.Fields(line)); err != nil {
				t.Errorf("%s: dalil-onnx %s: %v", page, line, err)
			}
		}
	}
	if checked < 2 {
		t.Errorf("only %d commands were checked", checked)
	}
}
