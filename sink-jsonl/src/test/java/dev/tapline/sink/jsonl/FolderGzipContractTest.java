package dev.tapline.sink.jsonl;

final class FolderGzipContractTest extends FilesContract {
  FolderGzipContractTest() {
    super("folder", "gzip");
  }
}
