package main

import (
	"io"

	"google.golang.org/protobuf/proto"

	"dalil/proto/wirejson"
)

// printJSON prints a message of the wire as one line of JSON; docs/json.md describes
// it.
func printJSON(out io.Writer, message proto.Message) error {
	line, err := wirejson.Marshal(message)
	if err == nil {
		_, err = out.Write(append(line, '\n'))
	}
	return err
}
