using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Storage.Sqlite.Connections;
using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Writing;

/// <summary>
/// Copies the write-ahead log (WAL) into the database file while the writer works, and limits the size of the WAL.
/// </summary>
/// <remarks>
/// SQLite starts the WAL over only when all of it has been copied. A thread that copies beside a busy writer never achieves that. So
/// <list type="number">
/// <item>when <see cref="SqliteStoreSettings.CheckpointBytes"/> wait, the thread copies them, over its own connection;</item>
/// <item>if little was written meanwhile, the writer then copies the rest between two groups, which takes a short time;</item>
/// <item>if much was written meanwhile, the thread starts another round, until the WAL has <see cref="SqliteStoreSettings.WalBytes"/>.
/// Then the writer copies all of the rest. It waits a short time for the readers that still need the WAL; after that it continues, and
/// tries again after the bytes of another round.</item>
/// </list>
/// The WAL file keeps its size and is overwritten in place, because its fsync is cheaper than that of a growing file.
/// </remarks>
internal sealed partial class WalCheckpointer : IDisposable
{
    /// <summary>The writer copies the rest itself when it is smaller than this fraction of a round.</summary>
    private const int RestOfRound = 4;

    /// <summary>The time that the writer waits for readers that need the WAL.</summary>
    private static readonly TimeSpan ReaderPatience = TimeSpan.FromMilliseconds(100);

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
    private long _limit;
    private bool _roundDone;
    private WalProgress _round = WalProgress.None;

    public WalCheckpointer(Connection writing, SqliteStoreSettings settings, ILogger logger)
    {
        _writing = writing;
        _settings = settings;
        _logger = logger;
        _limit = settings.WalBytes;
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

        _walBytes = Math.Max(_walBytes, _round.Frames * _pageBytes);
        var rest = _walBytes - (_round.Copied * _pageBytes);
        if (_walBytes >= _limit || (_roundDone && rest < _settings.CheckpointBytes / RestOfRound))
        {
            CopyRest(_walBytes >= _limit);
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

    private void CopyRest(bool awaitReaders)
    {
        _writing.SetBusyTimeout(ReaderPatience);
        var rest = Copy(_writing, awaitReaders ? raw.SQLITE_CHECKPOINT_RESTART : raw.SQLITE_CHECKPOINT_PASSIVE);
        _writing.SetBusyTimeout(_settings.BusyTimeout);
        _roundDone = false;
        _round = rest.IsComplete ? WalProgress.None : rest;
        _walBytes = _round.Frames * _pageBytes;
        _limit = Math.Max(_settings.WalBytes, _walBytes + _settings.CheckpointBytes);
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

            _round = Copy(_copying, raw.SQLITE_CHECKPOINT_PASSIVE);
            _copyingNow = false;
        }
    }

    private WalProgress Copy(Connection connection, int mode)
    {
        try
        {
            var progress = connection.CheckpointWal(mode);
            _failing = false;
            return progress;
        }
        catch (SqliteFailureException failure)
        {
            if (!_failing)
            {
                _failing = true;
                LogFailed(failure, failure.Explain(connection.Path));
            }

            return _round with { IsComplete = false };
        }
    }

    [LoggerMessage(
        3, LogLevel.Warning, "The write-ahead log cannot be copied into the database file, so it grows. {Explanation}")]
    private partial void LogFailed(Exception failure, string explanation);
}
