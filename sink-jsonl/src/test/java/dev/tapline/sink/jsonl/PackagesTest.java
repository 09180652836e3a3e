package dev.tapline.sink.jsonl;

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
          .importPackages("dev.tapline.sink.jsonl");

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
                        "dev.tapline.spi..", "dev.tapline.files..", "dev.tapline.sink.jsonl..")))
        .check(CLASSES);
  }

  @Test
  void rowsAreEncodedWithoutALibrary() {
    noClasses()
        .that()
        .resideInAPackage("dev.tapline.sink.jsonl.encoding")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("tools.jackson..")
        .check(CLASSES);
  }

  @Test
  void filesAndConsoleKnowNothingOfSinger() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.tapline.sink.jsonl.files",
            "dev.tapline.sink.jsonl.console",
            "dev.tapline.sink.jsonl.encoding")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.tapline.sink.jsonl.singer")
        .check(CLASSES);
  }
}
