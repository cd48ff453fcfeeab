package endpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"

	"dalil/corpus"
)

// Empty is implemented by answers that can be read and still hold nothing: then
// the reply is searched for an error object, which some servers send with status
// 200.
type Empty interface{ Empty() bool }

// read decodes a reply.
func (c *Client) read(from *url.URL, reply []byte, answer any) error {
	reply = bytes.TrimPrefix(reply, []byte("\xef\xbb\xbf"))
	err := json.Unmarshal(reply, answer)
	holder, can := answer.(Empty)
	if err == nil && !(can && holder.Empty()) {
		return nil
	}
	if said := c.complained(from.Host, reply); said != nil {
		return said
	}
	if err == nil {
		return nil // the adapter says what is missing
	}
	return corpus.Errorf(corpus.ErrUnavailable, "read the reply of %s: %s", from.Redacted(), c.masked(unreadable(err, reply)))
}

// unreadable says why a reply cannot be read, without the names of Go types.
func unreadable(err error, reply []byte) string {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind):
		return fmt.Sprintf("%s is a JSON %s, which is not expected there", field(kind.Field), kind.Value)
	case errors.As(err, &syntax) && len(bytes.TrimSpace(reply)) == 0:
		return "it is empty"
	case errors.As(err, &syntax):
		return fmt.Sprintf("it is not JSON (%v): %s", syntax, clip(plain(string(reply[:min(len(reply), 1000)]))))
	}
	return err.Error()
}

func field(path string) string {
	if path == "" {
		return "it"
	}
	return path
}

// Int is a whole number in a reply, written as 12, 12.0 or "12". Null leaves it
// as it is.
type Int int

// UnmarshalJSON refuses fractions, negative numbers and everything else.
func (n *Int) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	text := string(data)
	if len(text) > 1 && text[0] == '"' {
		text = text[1 : len(text)-1]
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f < 0 || f > 1<<53 || f != math.Trunc(f) {
		return fmt.Errorf("%s is not a whole number", clip(string(data)))
	}
	*n = Int(f)
	return nil
}
