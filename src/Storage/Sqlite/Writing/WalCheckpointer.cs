using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite;

/// <summary>
/// Copies the write-ahead log (WAL) into the database file while the writer goes on, and bounds the WAL.
/// </summary>
/// <remarks>
/// SQLite starts the WAL over only when all of it has been copied, which a copier beside a busy writer never quite achieves. So
/// <list type="number">
/// <item>when <see cref="SqliteStoreSettings.CheckpointBytes"/> wait, a thread of its own copies them, over its own connection;</item>
/// <item>when it is done, and little was written meanwhile, the writer copies that rest between two groups, which is short;</item>
/// <item>if much was written meanwhile, the thread goes round again, until the WAL has <see cref="SqliteStoreSettings.WalBytes"/>:
/// then the writer copies the rest however much it is.</item>
/// </list>
/// The WAL file keeps its size and is overwritten in place, which makes its fsync cheaper than that of a growing file.
/// </remarks>
internal sealed partial class WalCheckpointer : IDisposable
{
    /// <summary>The writer copies the rest itself when it is below this part of what a round copies.</summary>
    private const int RestOfRound = 4;

    private readonly Connection _writing;
    private readonly Connection _copying;
    private readonly SqliteStoreSettings _settings;
    private readonly ILogger _logger;
    private readonly long _pageBytes;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _wanted = new(0);
    private volatile bool _copyingNow;
    private volatile bool _stopping;
    private bool _failing;
    private long _walBytes;
    private long _copiedBytes;
    private bool _roundDone;

    public WalCheckpointer(Connection writing, SqliteStoreSettings settings, ILogger logger)
    {
        _writing = writing;
        _settings = settings;
        _logger = logger;
        writing.Execute("PRAGMA wal_autocheckpoint = 0");
        writing.Execute($"PRAGMA journal_size_limit = {settings.WalBytes}");
        _pageBytes = writing.QueryInteger("PRAGMA page_size");
        _copying = Connection.Open(settings.Path, TimeSpan.Zero);
        _copying.Execute("PRAGMA wal_autocheckpoint = 0");
        _copying.Execute("PRAGMA synchronous = FULL");
        _thread = new Thread(Run) { Name = "SQLite WAL checkpointer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Called by the writer thread between two groups.</summary>
    public void AfterCommit()
    {
        _walBytes += _writing.TakePagesWritten() * _pageBytes;
        if (_copyingNow)
        {
            return;
        }

        var rest = _walBytes - Interlocked.Read(ref _copiedBytes);
        if (_walBytes >= _settings.WalBytes || (_roundDone && rest < _settings.CheckpointBytes / RestOfRound))
        {
            CopyRest();
        }
        else if (_roundDone || rest >= _settings.CheckpointBytes)
        {
            _roundDone = true;
            _copyingNow = true;
            _wanted.Release();
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _wanted.Release();
        _thread.Join();
        _copying.Dispose();
        _wanted.Dispose();
    }

    private void CopyRest()
    {
        _roundDone = false;
        var (frames, copied) = Copy(_writing);
        _walBytes = frames == copied ? 0 : frames * _pageBytes;
        Interlocked.Exchange(ref _copiedBytes, frames == copied ? 0 : copied * _pageBytes);
    }

    private void Run()
    {
        while (true)
        {
            _wanted.Wait();
            if (_stopping)
            {
                return;
            }

            var (_, copied) = Copy(_copying);
            Interlocked.Exchange(ref _copiedBytes, copied * _pageBytes);
            _copyingNow = false;
        }
    }

    private (long Frames, long Copied) Copy(Connection connection)
    {
        try
        {
            var result = connection.CheckpointWal(raw.SQLITE_CHECKPOINT_PASSIVE);
            _failing = false;
            return result;
        }
        catch (SqliteFailureException failure)
        {
            if (!_failing)
            {
                _failing = true;
                LogFailed(failure, failure.Explain(connection.Path));
            }

            return (_walBytes / _pageBytes, Interlocked.Read(ref _copiedBytes) / _pageBytes);
        }
    }

    [LoggerMessage(3, LogLevel.Warning, "The write-ahead log could not be copied into the database file, and grows until it can. {Explanation}")]
    private partial void LogFailed(Exception failure, string explanation);
}
