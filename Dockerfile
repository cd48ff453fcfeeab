# The image holds one file, the static binary, and an empty data folder.
#
#   docker build -t dalil .        compiles in the image of Go
#   make image                     takes the binary that make build made; pulls nothing
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
# A number, so that an orchestrator can see that it is not root. It owns the
# data folder, and a fresh volume that is mounted there begins as its copy.
COPY --from=binary --chown=65532:65532 /image/data /data
USER 65532:65532
WORKDIR /data
ENV DALIL_DATA=/data
EXPOSE 7810 7811
ENTRYPOINT ["/dalil"]
CMD ["serve"]
