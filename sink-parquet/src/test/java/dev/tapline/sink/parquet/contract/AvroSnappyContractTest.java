package dev.tapline.sink.parquet.contract;

import java.util.Map;

final class AvroSnappyContractTest extends FolderContract {
  AvroSnappyContractTest() {
    super(Map.of("format", "avro", "compression", "snappy"));
  }
}
