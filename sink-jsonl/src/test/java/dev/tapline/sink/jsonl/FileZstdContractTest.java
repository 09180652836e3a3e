package dev.tapline.sink.jsonl;

final class FileZstdContractTest extends FilesContract {
  FileZstdContractTest() {
    super("file", "zstd");
  }
}
