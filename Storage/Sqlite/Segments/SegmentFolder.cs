using System.Globalization;
using Orleans.Pipeline.Storage.Sqlite.Connections;

namespace Orleans.Pipeline.Storage.Sqlite.Segments;

/// <summary>The folder of the segment files, beside the database. The first segment creates it.</summary>
/// <param name="database">The path of the database.</param>
internal sealed class SegmentFolder(string database)
{
    private const string Extension = ".segment";

    public string Path { get; } = database + "-log";

    public string PathOf(long number) =>
        System.IO.Path.Combine(Path, number.ToString("D10", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Loads the segments that the database knows.</summary>
    public static IReadOnlyList<Segment> Load(Connection connection)
    {
        using var statement = connection.PrepareOnce("SELECT number, committed_end, live_bytes FROM pipeline_segments ORDER BY number");
        var segments = new List<Segment>();
        while (statement.Step())
        {
            segments.Add(new(statement.Integer(0), statement.Integer(1), statement.Integer(2)));
        }

        return segments;
    }

    /// <summary>Checks that the folder has what the database refers to. Changes nothing.</summary>
    /// <param name="segments">The segments that the database knows; null if the database is new, or of a version without segments.</param>
    /// <returns>The fault and what to do; null if there is none.</returns>
    public string? FindFault(IReadOnlyList<Segment>? segments)
    {
        if (segments is null)
        {
            return !List().Any() ? null : $"The folder '{Path}' has segment files, but '{database}' knows none. Nothing was changed. "
                + "Put the database that they belong to in its place, or move the folder away.";
        }

        foreach (var segment in segments)
        {
            var file = new FileInfo(PathOf(segment.Number));
            if (!file.Exists || file.Length < segment.End)
            {
                var fault = file.Exists ? $"has {file.Length:N0} bytes, but '{database}' refers to {segment.End:N0}" : "is missing";
                return $"The segment file '{file.FullName}' {fault}. Nothing was changed. Put back the file that belongs to the "
                    + "database, or restore a backup. If this is a copy of a database in use, take the copy again: the database "
                    + "first, then its folder.";
            }
        }

        return null;
    }

    /// <summary>Cuts off what is beyond the committed end of a segment, and removes the files that the database does not know.</summary>
    public void Tidy(IReadOnlyList<Segment> segments)
    {
        var known = segments.ToDictionary(segment => segment.Number);
        foreach (var (number, file) in List().ToList())
        {
            if (!known.TryGetValue(number, out var segment))
            {
                file.Delete();
            }
            else if (file.Length > segment.End)
            {
                using var handle = File.OpenHandle(file.FullName, FileMode.Open, FileAccess.Write);
                RandomAccess.SetLength(handle, segment.End);
            }
        }
    }

    private IEnumerable<(long Number, FileInfo File)> List()
    {
        var folder = new DirectoryInfo(Path);
        foreach (var file in folder.Exists ? folder.EnumerateFiles("*" + Extension) : [])
        {
            if (long.TryParse(file.Name[..^Extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && PathOf(number) == System.IO.Path.Combine(Path, file.Name))
            {
                yield return (number, file);
            }
        }
    }
}
