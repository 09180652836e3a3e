package dev.tapline.sink.parquet;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Which packages of the sink may know which.
final class PackagesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tapline.sink.parquet");

  @Test
  void packagesNeedEachOtherOneWay() {
    slices().matching("dev.tapline.sink.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void sinkKnowsNothingOfTaplineButItsSpi() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("dev.tapline..")
                .or(
                    resideInAnyPackage(
                        "dev.tapline.spi..", "dev.tapline.files..", "dev.tapline.sink.parquet..")))
        .check(CLASSES);
  }

  @Test
  void compactionAndEncodingKnowNoFileFormat() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.tapline.sink.parquet.compaction",
            "dev.tapline.sink.parquet.encoding",
            "dev.tapline.sink.parquet.format")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.parquet..", "org.apache.avro..")
        .check(CLASSES);
  }

  @Test
  void avroFilesAreMadeWithoutParquet() {
    noClasses()
        .that()
        .resideInAPackage("dev.tapline.sink.parquet.avro")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.parquet..",
            "dev.tapline.sink.parquet.column",
            "dev.tapline.sink.parquet.writer",
            "dev.tapline.sink.parquet.reader")
        .check(CLASSES);
  }

  @Test
  void writerAndReaderDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("dev.tapline.sink.parquet.writer")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.tapline.sink.parquet.reader")
        .check(CLASSES);
  }

  @Test
  void onlyTheSinkItselfKnowsObjectStores() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tapline.sink.parquet")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.tapline.files.objects..", "dev.tapline.files.s3..")
        .check(CLASSES);
  }
}
