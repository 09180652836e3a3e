package dev.tapline.sink.jsonl;

final class FileGzipContractTest extends FilesContract {
  FileGzipContractTest() {
    super("file", "gzip");
  }
}
