package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// completeCommand is what the scripts of completion call. It prints one line with the
// kind of what may follow (words, files or dirs) and then one line for each word: the
// word, a tab, and its help.
type completeCommand struct {
	Words []string `arg:"" optional:"" help:"The words after the program's name, up to the one that is being typed."`
}

// Run prints the candidates. It never fails, because an error would appear in the
// middle of the line that is being typed.
func (c *completeCommand) Run(k *kong.Context, s streams) error {
	kind, words := candidates(k.Model.Node, c.Words)
	fmt.Fprintln(s.out, kind)
	for _, w := range words {
		help, _, _ := strings.Cut(w.help, "\n")
		fmt.Fprintf(s.out, "%s\t%s\n", w.text, help)
	}
	return nil
}

// candidate is a word that may stand where the cursor is.
type candidate struct{ text, help string }

// The kinds of what may follow.
const (
	someWords = "words"
	someFiles = "files"
	someDirs  = "dirs"
)

// candidates returns what may stand in the place of the last word.
func candidates(root *kong.Node, words []string) (kind string, found []candidate) {
	if len(words) == 0 {
		words = []string{""}
	}
	before, last := words[:len(words)-1], words[len(words)-1]
	at := &typing{node: root}
	for _, word := range before {
		at.pass(word)
	}
	if last == "=" { // bash makes it a word of its own
		last = ""
	}
	name, value, assigned := strings.Cut(last, "=")
	switch {
	case at.flag != nil:
		return at.flag.values(last, "")
	case assigned && strings.HasPrefix(name, "--") && !at.onlyArguments:
		if f := at.find(name); f != nil {
			return f.values(value, name+"=")
		}
		return someWords, nil
	case strings.HasPrefix(last, "-") && !at.onlyArguments:
		return someWords, at.flags(last)
	case len(at.children()) > 0:
		for _, child := range at.children() {
			if !child.Hidden && strings.HasPrefix(child.Name, last) {
				found = append(found, candidate{child.Name, child.Help})
			}
		}
		return someWords, found
	}
	if argument := at.argument(); argument != nil {
		return (&option{argument, strings.ToUpper(argument.Name)}).values(last, "")
	}
	return someWords, nil
}

// typing is what has been read of a command line.
type typing struct {
	node          *kong.Node // the command
	flag          *option    // it waits for its value
	arguments     int        // positional ones that have been read
	onlyArguments bool       // after --
}

// option is a flag or argument with what its value is called in the help.
type option struct {
	*kong.Value
	placeholder string
}

// pass reads one word.
func (p *typing) pass(word string) {
	switch {
	case p.flag != nil:
		if word != "=" {
			p.flag = nil
		}
	case p.onlyArguments:
		p.arguments++
	case word == "--":
		p.onlyArguments = true
	case strings.HasPrefix(word, "-") && word != "-":
		if f := p.find(word); f != nil && !f.IsBool() && !strings.Contains(word, "=") {
			p.flag = f
		}
	default:
		if i := slices.IndexFunc(p.children(), func(n *kong.Node) bool { return n.Name == word }); i >= 0 {
			p.node = p.children()[i]
		} else {
			p.arguments++
		}
	}
}

// children returns the commands that may follow. Those of the root follow "help".
func (p *typing) children() []*kong.Node {
	if p.node.Parent != nil && p.node.Name == "help" && p.arguments == 0 {
		return p.node.Parent.Children
	}
	return p.node.Children
}

// find returns the flag of a name with its dashes; nil: there is none.
func (p *typing) find(name string) *option {
	for _, group := range p.node.AllFlags(false) {
		for _, f := range group {
			if name == "--"+f.Name || f.Short != 0 && name == "-"+string(f.Short) {
				return &option{f.Value, f.PlaceHolder}
			}
		}
	}
	return nil
}

// flags returns the flags that begin so.
func (p *typing) flags(prefix string) (found []candidate) {
	for _, group := range p.node.AllFlags(true) {
		for _, f := range group {
			if name := "--" + f.Name; strings.HasPrefix(name, prefix) {
				found = append(found, candidate{name, f.Help})
			}
		}
	}
	return found
}

// argument returns the positional argument that is next; nil: none.
func (p *typing) argument() *kong.Value {
	for i, v := range p.node.Positional {
		if i == p.arguments || i < p.arguments && v.IsSlice() {
			return v
		}
	}
	return nil
}

// values returns the values that begin so, after the given text. Folders and files are
// recognised by what they are called.
func (o *option) values(prefix, after string) (kind string, found []candidate) {
	switch o.placeholder {
	case "FILE", "PATH":
		return someFiles, nil
	case "DIR":
		return someDirs, nil
	}
	for _, v := range o.EnumSlice() {
		if v != "" && strings.HasPrefix(v, prefix) {
			found = append(found, candidate{after + v, ""})
		}
	}
	return someWords, found
}
