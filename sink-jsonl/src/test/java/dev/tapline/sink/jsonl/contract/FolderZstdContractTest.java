package dev.tapline.sink.jsonl.contract;

final class FolderZstdContractTest extends FilesContract {
  FolderZstdContractTest() {
    super("folder", "zstd");
  }
}
