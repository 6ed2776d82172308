package io.sightline.job.table.files;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** Files of any Hadoop file system, whose rename may or may not replace. */
final class HadoopFiles extends StoredFiles {
    private final FileSystem files;
    private final Configuration hadoop;

    HadoopFiles(FileSystem files, Configuration hadoop) {
        super(files);
        this.files = files;
        this.hadoop = hadoop;
    }

    @Override
    public OutputStream create(Path path) throws IOException {
        return files.create(path, true);
    }

    @Override
    OutputStream createNew(Path path) throws IOException {
        return files.create(path, false);
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        if (!files.mkdirs(directory)) {
            throw new IOException("directory " + directory + " cannot be made: no permission, or a file is in its way");
        }
    }

    @Override
    public void replace(Path from, Path to) throws IOException {
        if (files.exists(to) || !files.rename(from, to)) {
            renameOver(from, to);
        }
    }

    private void renameOver(Path from, Path to) throws IOException {
        try {
            FileContext.getFileContext(files.getUri(), hadoop).rename(from, to, Options.Rename.OVERWRITE);
        } catch (UnsupportedFileSystemException withoutContext) {
            files.delete(to, false);
            if (!files.rename(from, to)) {
                throw new IOException("cannot rename " + from + " to " + to);
            }
        }
    }
}
