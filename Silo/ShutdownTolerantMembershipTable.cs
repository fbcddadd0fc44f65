using System.Data.Common;
using Microsoft.Extensions.Hosting;

namespace Orleans.Pipeline.Silo;

/// <summary>
/// A membership table that gives up on an unreachable database while the silo stops. Orleans itself would retry for minutes to write that
/// the silo leaves. The other silos detect the leave as they detect a crash.
/// </summary>
internal sealed class ShutdownTolerantMembershipTable(IMembershipTable members, IHostApplicationLifetime host) : IMembershipTable
{
    private volatile MembershipTableData? _lastRead;

    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken = default) =>
        members.InitializeMembershipTableAsync(tryInitTableVersion, cancellationToken);

    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken = default) =>
        members.DeleteMembershipTableEntriesAsync(clusterId, cancellationToken);

    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken = default) =>
        members.CleanupDefunctSiloEntriesAsync(beforeDate, cancellationToken);

    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken = default) =>
        members.ReadRowAsync(key, cancellationToken);

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return _lastRead = await members.ReadAllAsync(cancellationToken);
        }
        catch (DbException) when (host.ApplicationStopping.IsCancellationRequested && _lastRead is not null)
        {
            return _lastRead;
        }
    }

    public async Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken = default)
    {
        try
        {
            return await members.InsertRowAsync(entry, tableVersion, cancellationToken);
        }
        catch (DbException) when (host.ApplicationStopping.IsCancellationRequested)
        {
            return true;
        }
    }

    public async Task<bool> UpdateRowAsync(
        MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken = default)
    {
        try
        {
            return await members.UpdateRowAsync(entry, etag, tableVersion, cancellationToken);
        }
        catch (DbException) when (host.ApplicationStopping.IsCancellationRequested)
        {
            return true;
        }
    }

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken = default) =>
        members.UpdateIAmAliveAsync(entry, cancellationToken);

    // Orleans calls only the methods above; the interface still has their older names.
    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion);

    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId);

    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate);

    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => ReadRowAsync(key);

    Task<MembershipTableData> IMembershipTable.ReadAll() => ReadAllAsync();

    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion);

    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        UpdateRowAsync(entry, etag, tableVersion);

    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry);
}
