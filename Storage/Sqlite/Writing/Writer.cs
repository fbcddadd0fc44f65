using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Storage.Sqlite.Connections;
using SQLitePCL;

namespace Orleans.Pipeline.Storage.Sqlite.Writing;

/// <summary>
/// The only thread that writes. It writes all waiting requests in one transaction, commits, and then answers them all, so that many
/// requests share one fsync. While it commits, the next group gathers.
/// </summary>
internal sealed partial class Writer
{
    private const string Operation = "write";

    private readonly Connection _connection;
    private readonly SqliteStoreSettings _settings;
    private readonly StoreTelemetry _telemetry;
    private readonly ILogger _logger;
    private readonly WalCheckpointer _checkpointer;
    private readonly WriteQueue _queue;
    private readonly WriteTransaction _transaction = new();
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollBack;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isOut;

    public Writer(Connection connection, SqliteStoreSettings settings, StoreTelemetry telemetry, ILogger logger)
    {
        _connection = connection;
        _settings = settings;
        _telemetry = telemetry;
        _logger = logger;
        _checkpointer = new WalCheckpointer(connection, settings, logger);
        _queue = new WriteQueue(settings.QueueBytes);
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _rollBack = connection.Prepare("ROLLBACK");
    }

    public void Start() => new Thread(Run) { Name = "SQLite writer", IsBackground = true }.Start();

    /// <summary>Writes a request, and waits until it is durable.</summary>
    /// <param name="batchBytes">The bytes of its batches.</param>
    /// <param name="execute">Writes the request; see <see cref="WriteRequest{T}"/>.</param>
    /// <param name="cancellationToken">Stops waiting; a request that the thread has taken is still written.</param>
    public ValueTask<T> WriteAsync<T>(long batchBytes, Func<WriteTransaction, T> execute, CancellationToken cancellationToken) =>
        WriteAsync(batchBytes, rowBytes: 0, execute, cancellationToken);

    /// <summary>Writes a request, and waits until it is durable.</summary>
    /// <param name="batchBytes">The bytes of its batches.</param>
    /// <param name="rowBytes">The bytes of its rows.</param>
    /// <param name="execute">Writes the request; see <see cref="WriteRequest{T}"/>.</param>
    /// <param name="cancellationToken">Stops waiting; a request that the thread has taken is still written.</param>
    public async ValueTask<T> WriteAsync<T>(
        long batchBytes, long rowBytes, Func<WriteTransaction, T> execute, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var request = new WriteRequest<T>(batchBytes, rowBytes, execute);
        await _queue.EnterAsync(request, cancellationToken);
        return await request.Answer.WaitAsync(cancellationToken);
    }

    /// <summary>Writes the waiting requests, then ends the thread.</summary>
    public Task StopAsync()
    {
        _queue.Close();
        return _stopped.Task;
    }

    private void Run()
    {
        var group = new List<WriteRequest>();
        while (_queue.Take(group, _settings.GroupBytes, _settings.GroupRequests))
        {
            Write(group);
            _queue.Leave(group);
            group.Clear();
            _checkpointer.AfterCommit();
        }

        _checkpointer.Dispose();
        _stopped.SetResult();
    }

    private void Write(List<WriteRequest> group)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            _transaction.Begin(group.Sum(request => request.BatchBytes));
            _begin.Run();
            foreach (var request in group)
            {
                request.Execute(_transaction);
            }

            var executed = Stopwatch.GetTimestamp();
            _transaction.Prepare();
            Commit();
            Note(group, began, executed);
        }
        catch (Exception failure)
        {
            _telemetry.NoteWrite(Operation, group.Count, bytes: 0, Stopwatch.GetElapsedTime(began), failure);
            RollBack();
            Answer(group, failure);
            return;
        }

        _transaction.Publish();
        foreach (var request in group)
        {
            request.Complete();
        }

        if (_isOut)
        {
            _isOut = false;
            LogRecovered(_connection.Path);
        }
    }

    private void Commit()
    {
        try
        {
            _commit.Run();
        }
        catch (SqliteFailureException failure)
        {
            _transaction.IsInDoubt = failure.Code != raw.SQLITE_FULL;
            throw;
        }
    }

    private void Note(List<WriteRequest> group, long began, long executed)
    {
        var ended = Stopwatch.GetTimestamp();
        var bytes = 0L;
        foreach (var request in group)
        {
            bytes += request.Bytes;
        }

        _telemetry.NoteSync(Stopwatch.GetElapsedTime(executed, ended));
        _telemetry.NoteWrite(Operation, group.Count, bytes, Stopwatch.GetElapsedTime(began, ended));
    }

    private void RollBack()
    {
        if (_connection.InTransaction)
        {
            _rollBack.Run();
        }

        _transaction.Revert();
    }

    /// <summary>
    /// Fails all requests if the store is unavailable. Otherwise one of them is at fault, and ended the transaction of all: each is then
    /// written alone, so that only that one fails.
    /// </summary>
    private void Answer(List<WriteRequest> group, Exception failure)
    {
        if (failure is SqliteFailureException { IsFaultOfStatement: false } outage)
        {
            Refuse(group, outage);
        }
        else if (group.Count == 1)
        {
            group[0].Fail(failure is RolledBackException rolledBack ? rolledBack.Refusal : failure);
        }
        else
        {
            foreach (var request in group)
            {
                Write([request]);
            }
        }
    }

    private void Refuse(List<WriteRequest> group, SqliteFailureException outage)
    {
        var explanation = outage.Explain(_connection.Path);
        if (!_isOut)
        {
            _isOut = true;
            LogUnavailable(outage, explanation);
        }

        foreach (var request in group)
        {
            request.Fail(new StoreUnavailableException(explanation, outage));
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The store cannot be written for now; the refused writes were rolled back. {Explanation}")]
    private partial void LogUnavailable(Exception failure, string explanation);

    [LoggerMessage(2, LogLevel.Information, "The store '{Path}' can be written again.")]
    private partial void LogRecovered(string path);
}
