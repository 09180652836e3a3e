package dev.tapline.sink.jsonl;

final class FilePlainContractTest extends FilesContract {
  FilePlainContractTest() {
    super("file", "none");
  }
}
