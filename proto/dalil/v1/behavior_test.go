package dalilv1_test

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	dalilv1 "dalil/proto/dalil/v1"
)

// Every field says whether the caller must set it, may set it, or only reads it. A
// field of a request is never read-only, and one of an answer always is.
func TestEveryFieldHasABehaviour(t *testing.T) {
	asked, answered := map[protoreflect.FullName]bool{}, map[protoreflect.FullName]bool{}
	fields := 0
	eachMessage(func(m protoreflect.MessageDescriptor) {
		if name := string(m.Name()); strings.HasSuffix(name, "Request") {
			reach(m, asked)
		} else if strings.HasSuffix(name, "Response") {
			reach(m, answered)
		}
	})
	eachMessage(func(m protoreflect.MessageDescriptor) {
		if !asked[m.FullName()] && !answered[m.FullName()] {
			t.Errorf("%s: no request and no response has it", m.FullName())
		}
		for i := range m.Fields().Len() {
			f := m.Fields().Get(i)
			fields++
			held, _ := proto.GetExtension(f.Options(), annotations.E_FieldBehavior).([]annotations.FieldBehavior)
			readOnly := slices.Contains(held, annotations.FieldBehavior_OUTPUT_ONLY)
			written := slices.Contains(held, annotations.FieldBehavior_REQUIRED) || slices.Contains(held, annotations.FieldBehavior_OPTIONAL)
			switch {
			case !readOnly && !written:
				t.Errorf("%s has no google.api.field_behavior: REQUIRED or OPTIONAL in requests, OUTPUT_ONLY in responses", f.FullName())
			case readOnly && written:
				t.Errorf("%s is read-only and may be set, %v", f.FullName(), held)
			case asked[m.FullName()] && !answered[m.FullName()] && readOnly:
				t.Errorf("%s is read-only, and only requests have it", f.FullName())
			case answered[m.FullName()] && !asked[m.FullName()] && written:
				t.Errorf("%s may be set, and only responses have it", f.FullName())
			case slices.Contains(held, annotations.FieldBehavior_REQUIRED) && f.HasOptionalKeyword():
				t.Errorf("%s is required and optional", f.FullName())
			}
		}
	})
	if fields < 200 {
		t.Errorf("only %d fields were checked", fields)
	}
}

// Counts are int32, because JSON has other integers as strings in most languages. A
// field that needs more says so here.
func TestIntegersAreNumbersInJSON(t *testing.T) {
	long := []protoreflect.FullName{
		"dalil.v1.GetStatsResponse.disk_bytes",                                                  // an index may have more than 2 GiB
		"dalil.v1.IngestDocumentsRequest.sequence", "dalil.v1.IngestDocumentsResponse.sequence", // the client's own
		// Log offsets and times in microseconds.
		"dalil.v1.Document.source_version", "dalil.v1.DocumentInput.source_version", "dalil.v1.Receipt.newer_source_version",
		"dalil.v1.DeleteDocumentRequest.source_version",
		"dalil.v1.TenantUsage.text_bytes", "dalil.v1.TenantQuota.text_bytes", // a tenant may have more than 2 GiB
	}
	eachMessage(func(m protoreflect.MessageDescriptor) {
		for i := range m.Fields().Len() {
			f := m.Fields().Get(i)
			kind := f.Kind()
			if f.IsMap() {
				kind = f.MapValue().Kind()
			}
			switch kind {
			case protoreflect.Int64Kind, protoreflect.Uint64Kind, protoreflect.Sint64Kind, protoreflect.Fixed64Kind, protoreflect.Sfixed64Kind:
				if !slices.Contains(long, f.FullName()) {
					t.Errorf("%s is %s, want int32", f.FullName(), kind)
				}
			}
		}
	})
}

// reach adds a message and all in it.
func reach(m protoreflect.MessageDescriptor, into map[protoreflect.FullName]bool) {
	if into[m.FullName()] {
		return
	}
	into[m.FullName()] = true
	for i := range m.Fields().Len() {
		f := m.Fields().Get(i)
		if f.IsMap() {
			f = f.MapValue()
		}
		if f.Message() != nil {
			reach(f.Message(), into)
		}
	}
}

// eachMessage visits the messages of the package, without entries of maps.
func eachMessage(do func(protoreflect.MessageDescriptor)) {
	var visit func(protoreflect.MessageDescriptors)
	visit = func(messages protoreflect.MessageDescriptors) {
		for i := range messages.Len() {
			if m := messages.Get(i); !m.IsMapEntry() {
				do(m)
				visit(m.Messages())
			}
		}
	}
	protoregistry.GlobalFiles.RangeFilesByPackage(dalilv1.File_dalil_v1_search_proto.Package(), func(file protoreflect.FileDescriptor) bool {
		visit(file.Messages())
		return true
	})
}
