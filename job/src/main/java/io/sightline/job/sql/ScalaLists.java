package io.sightline.job.sql;

import java.util.List;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Spark's internal interfaces speak Scala 2.12 collections; these are the two crossings. */
final class ScalaLists {
    private ScalaLists() {}

    /** An immutable, serializable Scala list. */
    static <T> Seq<T> scala(List<? extends T> elements) {
        return JavaConverters.<T>asScalaBuffer(List.copyOf(elements)).toList();
    }

    static <T> List<T> java(Seq<T> elements) {
        return JavaConverters.seqAsJavaList(elements);
    }
}
