// Command vectors prints a static model's vectors, one JSON array a line, for
// the texts on standard input, one JSON string a line.
//
//	go run ./embedder/static/testdata/vectors DIR < texts.jsonl
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"dalil/embedder"
	"dalil/embedder/static"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: vectors DIR < texts.jsonl")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(dir string, in io.Reader, out io.Writer) error {
	model, err := static.Load(os.DirFS(dir), static.Options{})
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	decoder, encoder := json.NewDecoder(in), json.NewEncoder(w)
	for {
		var text string
		if err := decoder.Decode(&text); err == io.EOF {
			return w.Flush()
		} else if err != nil {
			return err
		}
		answer, err := model.Embed(context.Background(), embedder.Passage, []string{text})
		if err != nil {
			return err
		}
		if err := encoder.Encode(answer.Vectors[0]); err != nil {
			return err
		}
	}
}
