package dev.tapline.sink.jsonl.contract;

final class FolderPlainContractTest extends FilesContract {
  FolderPlainContractTest() {
    super("folder", "none");
  }
}
