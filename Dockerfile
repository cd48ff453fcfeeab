# The image contains one file, the static binary, and an empty data folder.
#
#   docker build -t dalil .        compiles inside the Go image
#   make image                     uses the binary of make build; pulls no image
ARG BINARY=compiled

FROM golang:1.26.8-bookworm AS compiled
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN make bin/image VERSION=${VERSION} && mv bin/image /image

FROM scratch AS prebuilt
COPY bin/image /image

FROM ${BINARY} AS binary

FROM scratch
COPY --from=binary /image/dalil /dalil
# A number, so that an orchestrator can check that it is not root. It owns the
# data folder. A new volume that is mounted there starts as a copy of that folder.
COPY --from=binary --chown=65532:65532 /image/data /data
USER 65532:65532
WORKDIR /data
ENV DALIL_DATA=/data
EXPOSE 7810 7811 7812
ENTRYPOINT ["/dalil"]
CMD ["serve"]
