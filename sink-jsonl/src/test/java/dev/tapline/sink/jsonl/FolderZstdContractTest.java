package dev.tapline.sink.jsonl;

final class FolderZstdContractTest extends FilesContract {
  FolderZstdContractTest() {
    super("folder", "zstd");
  }
}
