package mcp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// maxLine bounds one message, in bytes.
const maxLine = 4 << 20

// Pipe is a transport over a pair of streams with one message a line, such as standard input and output. A line that
// is no message is answered with an error, and the session goes on. At the end of the input, calls that are under way
// are still answered.
type Pipe struct {
	In  io.Reader
	Out io.Writer
}

// Connect starts to read.
func (p *Pipe) Connect(context.Context) (mcp.Connection, error) {
	c := &pipe{out: p.Out, messages: make(chan jsonrpc.Message), closed: make(chan struct{}), answered: make(chan struct{}, 1), open: map[jsonrpc.ID]bool{}}
	go c.read(bufio.NewReaderSize(p.In, 64<<10))
	return c, nil
}

// pipe is the connection of a Pipe.
type pipe struct {
	messages chan jsonrpc.Message // closed at the end of the input
	failed   error                // why the input ended; read after messages is closed
	closed   chan struct{}
	close    sync.Once

	mu       sync.Mutex
	out      io.Writer
	open     map[jsonrpc.ID]bool // calls without an answer
	answered chan struct{}       // a call was answered
}

// read passes messages on until the input ends.
func (c *pipe) read(in *bufio.Reader) {
	defer close(c.messages)
	for {
		line, err := readLine(in)
		if len(bytes.TrimSpace(line)) > 0 {
			message, problem := decode(line)
			if problem != nil {
				c.refuse(problem)
			} else {
				c.note(message)
				select {
				case c.messages <- message:
				case <-c.closed:
					return
				}
			}
		}
		switch {
		case errors.Is(err, errLine):
			c.refuse(&jsonrpc.Error{Code: jsonrpc.CodeInvalidRequest, Message: fmt.Sprintf("a message may have at most %d bytes", maxLine)})
		case err != nil:
			c.failed = err
			return
		}
	}
}

// errLine says that a line was too long; the rest of it has been skipped.
var errLine = errors.New("line too long")

func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if len(line)+len(part) > maxLine {
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = in.ReadSlice('\n')
			}
			if err == nil {
				err = errLine
			}
			return nil, err
		}
		line = append(line, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

func decode(line []byte) (jsonrpc.Message, *jsonrpc.Error) {
	if trimmed := bytes.TrimSpace(line); trimmed[0] == '[' {
		return nil, &jsonrpc.Error{Code: jsonrpc.CodeInvalidRequest, Message: "batches are not supported; send one message a line"}
	}
	message, err := jsonrpc.DecodeMessage(line)
	if err != nil {
		return nil, &jsonrpc.Error{Code: jsonrpc.CodeParseError, Message: "the line is no JSON-RPC message: " + err.Error()}
	}
	return message, nil
}

// note remembers that a call waits for its answer.
func (c *pipe) note(message jsonrpc.Message) {
	if request, ok := message.(*jsonrpc.Request); ok && request.ID.IsValid() {
		c.mu.Lock()
		c.open[request.ID] = true
		c.mu.Unlock()
	}
}

// refuse answers a line that is no message. Such an answer has no id.
func (c *pipe) refuse(problem *jsonrpc.Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Fprintf(c.out, `{"jsonrpc":"2.0","id":null,"error":{"code":%d,"message":%q}}`+"\n", problem.Code, problem.Message)
}

// Read returns the next message. After the last one it waits until all calls have been answered.
func (c *pipe) Read(ctx context.Context) (jsonrpc.Message, error) {
	select {
	case message, ok := <-c.messages:
		if ok {
			return message, nil
		}
	case <-c.closed:
		return nil, io.EOF
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	for c.waiting() {
		select {
		case <-c.answered:
		case <-c.closed:
			return nil, io.EOF
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return nil, c.failed
}

func (c *pipe) waiting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.open) > 0
}

// Write writes one message.
func (c *pipe) Write(_ context.Context, message jsonrpc.Message) error {
	response, answers := message.(*jsonrpc.Response)
	if answers {
		var failure *jsonrpc.Error
		if errors.As(response.Error, &failure) && failure.Code == 0 { // JSON-RPC has no such code
			response.Error = &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: failure.Message, Data: failure.Data}
		} else if response.Error != nil && failure == nil {
			response.Error = &jsonrpc.Error{Code: jsonrpc.CodeInternalError, Message: response.Error.Error()}
		}
	}
	data, err := jsonrpc.EncodeMessage(message)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err = c.out.Write(append(data, '\n'))
	if answers {
		delete(c.open, response.ID)
		select {
		case c.answered <- struct{}{}:
		default:
		}
	}
	return err
}

// Close ends the connection. The input is not closed, as it belongs to the caller.
func (c *pipe) Close() error {
	c.close.Do(func() { close(c.closed) })
	return nil
}

// SessionID returns nothing: a pipe has one session.
func (c *pipe) SessionID() string { return "" }
