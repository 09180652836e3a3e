package dev.tapline.sink.jsonl.contract;

final class FilePlainContractTest extends FilesContract {
  FilePlainContractTest() {
    super("file", "none");
  }
}
