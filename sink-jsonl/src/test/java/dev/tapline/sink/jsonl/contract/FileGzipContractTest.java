package dev.tapline.sink.jsonl.contract;

final class FileGzipContractTest extends FilesContract {
  FileGzipContractTest() {
    super("file", "gzip");
  }
}
