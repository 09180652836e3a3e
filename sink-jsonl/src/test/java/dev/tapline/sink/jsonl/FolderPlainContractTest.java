package dev.tapline.sink.jsonl;

final class FolderPlainContractTest extends FilesContract {
  FolderPlainContractTest() {
    super("folder", "none");
  }
}
