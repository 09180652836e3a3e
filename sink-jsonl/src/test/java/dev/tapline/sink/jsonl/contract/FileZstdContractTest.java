package dev.tapline.sink.jsonl.contract;

final class FileZstdContractTest extends FilesContract {
  FileZstdContractTest() {
    super("file", "zstd");
  }
}
